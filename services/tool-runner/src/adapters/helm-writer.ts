import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@skyflo/contracts';
import { type ClusterAccess, serviceAccountOf } from '@skyflo/kube';
import type { ChartRef } from '../domain/helm/charts.ts';
import type { ChartOperation, Operation } from '../domain/helm/operation.ts';
import type { Release } from '../domain/helm/release.ts';
import { grantLabel } from '../domain/helm/release.ts';
import type { Ended, HelmWriter, Prepared, Proposal } from '../domain/helm/writer.ts';
import { pullChart } from './chart-source.ts';
import type { ChartSources } from './helm-charts.ts';
import { type Impersonation, kubeconfigOf } from './helm-kubeconfig.ts';
import { type HelmUse, withHelm } from './helm-program.ts';
import { parsePayload, toRelease } from './helm-payload.ts';

type Identities = {
  /** Can change nothing. */
  readonly plan: ClusterAccess;
  readonly helm: ClusterAccess;
  /** Whether `helm` is an identity of our own behind the admission guard. */
  readonly isOurs: boolean;
};

/** What a hook may take; nothing else is waited for. */
const hooksMay = '--timeout=180s';

/** Releases of one cluster by the helm program: dry runs with an identity that can do nothing else, changes under a grant. */
export class HelmProgramWriter implements HelmWriter {
  readonly #sources: ChartSources;
  readonly #identities: Identities;
  #self: Promise<string> | undefined;

  constructor(sources: ChartSources, identities: Identities) {
    this.#sources = sources;
    this.#identities = identities;
  }

  async prepare(ref: ChartRef, proposal: Proposal, signal: AbortSignal): Promise<Prepared> {
    return withHelm(this.#sources.program, async (use) => {
      await this.#beWho(use, undefined, signal);
      const pulled = await this.#pull(use, ref, signal);
      const flags = [...flagsOf(proposal), '--dry-run=server', '--output=json'];
      const args = [proposal.kind, ...flags, await valuesIn(use, proposal.values), '--', proposal.name, pulled.file];
      const render = async () => toRelease(proposal, parsePayload(await use.run(args, signal)));
      return { sha256: pulled.sha256, chart: pulled.chart, first: await render(), second: await render() };
    });
  }

  async carryOut(operation: Operation, grantId: string, signal: AbortSignal): Promise<Ended> {
    return withHelm(this.#sources.program, async (use) => {
      await this.#beWho(use, grantId, signal);
      const args = await this.#argsOf(use, operation, { grantId, signal });
      try {
        await use.run(args, signal);
        return { ok: true, words: '' };
      } catch (error) {
        const words = error instanceof Failure ? error.message.replace(/^helm \w+ failed: /, '') : 'it was ended.';
        return { ok: false, words };
      }
    });
  }

  async #argsOf(
    use: HelmUse,
    operation: Operation,
    { grantId, signal }: { grantId: string; signal: AbortSignal },
  ): Promise<string[]> {
    const { namespace, name } = operation;
    const place = [`--namespace=${namespace}`, hooksMay];
    switch (operation.kind) {
      case 'install':
      case 'upgrade': {
        const { file } = await this.#same(use, operation, signal);
        const mark = `--labels=${grantLabel}=${grantId}`;
        const values = await valuesIn(use, operation.values);
        return [operation.kind, ...flagsOf(operation), hooksMay, mark, values, '--output=json', '--', name, file];
      }
      case 'rollback':
        return ['rollback', ...place, '--', name, String(operation.to)];
      case 'uninstall':
        return ['uninstall', ...place, ...(operation.keepHistory ? ['--keep-history'] : []), '--', name];
    }
  }

  /** What was approved was this very package; a repository that now serves another under the same version gets nowhere. */
  async #same(use: HelmUse, { sha256, ...ref }: ChartOperation, signal: AbortSignal) {
    const pulled = await this.#pull(use, ref, signal);
    if (pulled.sha256 === sha256) return pulled;
    throw Failure.terminal('TargetMoved', `The repository now serves another package as ${ref.chart} ${ref.version}.`);
  }

  #pull(use: HelmUse, ref: ChartRef, signal: AbortSignal) {
    return pullChart(use, { repositories: this.#sources.repositories, ref, signal });
  }

  async #beWho({ folder }: HelmUse, grantId: string | undefined, signal: AbortSignal): Promise<void> {
    const { plan, helm } = this.#identities;
    const as = await this.#impersonation(grantId);
    const text = await kubeconfigOf(grantId === undefined ? plan : helm, { as, signal });
    await writeFile(join(folder, 'kubeconfig'), text, { mode: 0o600 });
  }

  async #impersonation(grantId: string | undefined): Promise<Impersonation | undefined> {
    const { helm, isOurs } = this.#identities;
    if (grantId === undefined || !isOurs) return undefined;
    this.#self ??= serviceAccountOf(helm);
    try {
      return { user: await this.#self, grantId };
    } catch (error) {
      this.#self = undefined;
      throw error;
    }
  }
}

/** Values are all there is: nothing of the last release's comes in by itself. Nothing is waited for: that is for the checks. */
function flagsOf({ kind, namespace }: Pick<Proposal, 'kind' | 'namespace'>): string[] {
  return [`--namespace=${namespace}`, '--wait=hookOnly', ...(kind === 'upgrade' ? ['--reset-values'] : [])];
}

async function valuesIn({ folder }: HelmUse, values: Release['values']): Promise<string> {
  const file = join(folder, 'values.json');
  await writeFile(file, JSON.stringify(values), { mode: 0o600 });
  return `--values=${file}`;
}
