import { rmSync, symlinkSync } from 'node:fs';
import { resolveBinary } from '../servers/binaries.ts';
import type { StackLayout } from './layout.ts';
import type { Report } from './report.ts';

type HelmOptions = {
  readonly layout: StackLayout;
  readonly binDir: string | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
};

/**
 * Puts helm where the tool-runner looks for it. It may have to be built first, which nothing waits for: until then the tools
 * that need it say so. Never rejects, for the same reason.
 */
export async function prepareHelm({ layout, binDir, report, signal }: HelmOptions): Promise<void> {
  rmSync(layout.helm, { force: true });
  let isBuilding = false;
  try {
    const program = await resolveBinary('helm', {
      binDir,
      signal,
      onProgress: ({ done, total, minutesLeft }) => {
        isBuilding = true;
        const packages = total > 0 ? ` (${done} of ${total} packages)` : '';
        report.progress('helm', `building helm${packages}, about ${minutesLeft} min left`);
      },
    });
    symlinkSync(program, layout.helm);
    if (isBuilding) report.done('helm', 'Charts can be installed: helm is built.');
  } catch (error) {
    if (signal.aborted) return;
    report.done('helm', `There is no helm: ${error instanceof Error ? error.message : String(error)}`);
  }
}
