import { Failure, type Json, type JsonObject } from '@skyflo/contracts';
import { parseAllDocuments } from 'yaml';

/** A manifest is read by a person before it is approved; a call carries it as one text. */
export const maxManifestBytes = 64 * 1024;
const maxObjects = 30;
const maxDepth = 60;

/**
 * What kubectl reads is YAML 1.1: `0644` is a number to the base of eight and `yes` is true. Beyond that it takes no dates,
 * no numbers to the base of 60 (`22:22`), no binary and no sets, so neither do we: those stay text, or are refused where
 * they are asked for by a tag.
 */
const unlikeKubectl = /:(binary|omap|pairs|set|timestamp)$/;

/** An object of a manifest as it was written; which kind it is, and whether it may be applied, is for others to say. */
export type Wanted = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace?: string };
  readonly [field: string]: Json | undefined;
};

/** The objects of YAML or JSON, in order; lists (`kind: List`) are taken apart. Throws `InvalidArguments` that names the place. */
export function parseManifest(text: string): Wanted[] {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maxManifestBytes)
    throw refuse(`it has ${bytes} bytes, at most ${maxManifestBytes} can be applied at once; divide it`);
  const objects = documentsOf(text).flatMap((document, n) => objectsOf(document, `document ${n + 1}`));
  if (objects.length === 0) throw refuse('it holds no object');
  if (objects.length > maxObjects)
    throw refuse(
      `it holds ${objects.length} objects, more than the ${maxObjects} a person can look through; divide it`,
    );
  const seen = new Set<string>();
  for (const { apiVersion, kind, metadata } of objects) {
    const key = [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
    if (seen.has(key)) throw refuse(`${kind} ${metadata.name} is in it twice`);
    seen.add(key);
  }
  return objects;
}

function documentsOf(text: string): Json[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'silent',
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || !(unlikeKubectl.test(tag.tag) || isSexagesimal(tag))),
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, n) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw refuse(`document ${n + 1} is not YAML: ${problem.message.split('\n')[0]?.slice(0, 200) ?? ''}`);
    const value = toValue(() => document.toJS({ maxAliasCount: 100 }) as unknown, n);
    return value === null || value === undefined ? [] : [toJson(value, `document ${n + 1}`, 0)];
  });
}

function isSexagesimal(tag: object): boolean {
  return 'format' in tag && tag.format === 'TIME';
}

function toValue(read: () => unknown, n: number): unknown {
  try {
    return read();
  } catch (cause) {
    // A few aliases of aliases can stand for more than any memory holds.
    throw Failure.terminal('InvalidArguments', `manifest: document ${n + 1} repeats itself beyond reason.`, { cause });
  }
}

function objectsOf(document: Json, where: string): Wanted[] {
  if (!isMap(document)) throw refuse(`${where} is no object with apiVersion, kind and metadata`);
  const { apiVersion, kind, metadata, items } = document;
  for (const [field, value] of Object.entries({ apiVersion, kind }))
    if (typeof value !== 'string' || value === '') throw refuse(`${where} has no ${field}`);
  if (apiVersion === 'v1' && kind === 'List') {
    if (!Array.isArray(items)) throw refuse(`${where} is a List without items`);
    return items.flatMap((item, n) => objectsOf(item, `${where}, item ${n + 1}`));
  }
  if (!isMap(metadata ?? null)) throw refuse(`${where} has no metadata`);
  const { name, namespace, generateName } = metadata as JsonObject;
  if (typeof name !== 'string' || name === '') {
    const instead = generateName === undefined ? '' : ' (generateName: a name has to be known before it is approved)';
    throw refuse(`${where} has no metadata.name${instead}`);
  }
  if (namespace !== undefined && typeof namespace !== 'string') throw refuse(`${where}: metadata.namespace is no text`);
  return [document as Wanted];
}

/** JSON is what is sent: what it cannot hold, or would change on the way, is refused here. */
function toJson(value: unknown, where: string, depth: number): Json {
  if (depth > maxDepth) throw refuse(`${where} is nested too deeply`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const fits = typeof value === 'number' && (Number.isInteger(value) ? Number.isSafeInteger(value) : isFinite(value));
    if (!fits) throw refuse(`${where} holds a number that would lose digits; write it as text`);
    return value;
  }
  if (Array.isArray(value)) return value.map((one) => toJson(one, where, depth + 1));
  if (typeof value !== 'object') throw refuse(`${where} holds something that is no JSON`);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJson(one, where, depth + 1)]));
}

function isMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(why: string): Failure {
  return Failure.terminal('InvalidArguments', `manifest: ${why}.`);
}
