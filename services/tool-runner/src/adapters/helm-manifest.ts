import { setImmediate as turn } from 'node:timers/promises';
import type { KubeObject } from '@skyflo/kube';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ManifestPart } from '../domain/helm/release.ts';

const Thing = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/** The objects of a manifest, one after the other: a large one takes seconds to parse, in which others want to be served. */
export async function readManifest(manifest: string, hook?: readonly string[]): Promise<ManifestPart[]> {
  const parts: ManifestPart[] = [];
  for (const text of manifest.split(/^---(?:[ \t].*)?$/m)) {
    const isEmpty = text.split('\n').every((line) => line.trim() === '' || line.startsWith('#'));
    if (isEmpty) continue;
    await turn();
    const source = /^# Source: (.+)$/m.exec(text)?.[1]?.trim();
    parts.push({ source, hook, object: toObject(text) });
  }
  return parts;
}

/** Undefined where the text is no object. It is not shown then: nobody could tell which part of it is secret. */
function toObject(text: string): KubeObject | undefined {
  try {
    const value: unknown = parse(text);
    return Thing.safeParse(value).success ? (value as KubeObject) : undefined;
  } catch {
    return undefined; // No YAML, or one that unfolds without end.
  }
}
