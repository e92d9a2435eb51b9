import canonicalize from 'canonicalize';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/**
 * The one text form of a JSON value (RFC 8785): what is signed and what is hashed. Members that are `undefined` are left
 * out, as `JSON.stringify` does. Throws on values JSON has no form for (NaN, Infinity, functions).
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('canonicalJson: the value has no JSON form');
  return text;
}

/** Lower-case hex SHA-256 of a text (UTF-8) or of bytes. */
export function sha256Hex(input: string | Uint8Array): string {
  return bytesToHex(sha256(typeof input === 'string' ? utf8ToBytes(input) : input));
}

/** Digest of a tool's arguments as they travel in `tool.requested`: SHA-256 over canonical JSON, lower-case hex. */
export function argsDigest(args: JsonObject): string {
  return sha256Hex(canonicalJson(args));
}

export function assertNever(value: never, what = 'value'): never {
  throw new TypeError(`unexpected ${what}: ${JSON.stringify(value)}`);
}
