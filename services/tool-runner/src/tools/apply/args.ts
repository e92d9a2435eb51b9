import { z } from 'zod';
import { maxManifestBytes } from '../../domain/manifest.ts';
import * as arg from '../args.ts';

export const manifest = z
  .string()
  .min(1)
  .max(maxManifestBytes, `It has more than ${maxManifestBytes} characters; divide it.`)
  .describe('The objects as YAML or JSON, several divided by "---".');
export const defaultNamespace = arg.namespace.optional().describe('For objects that name none themselves.');
export const force = z
  .boolean()
  .default(false)
  .describe('Take fields over that others manage; only when the person asked for it.');
