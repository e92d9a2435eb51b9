import { ensureFailure } from '@skyflo/contracts';
import { assertName, assertNamespace, fieldSelector, labelSelector } from '@skyflo/kube';
import { z } from 'zod';
import { assertFieldPath } from '../domain/field-path.ts';

/**
 * Refuses with the arguments what `libs/kube` would refuse before it builds a URL, in the same words: so the field is
 * named, and nothing is asked of the cluster. RBAC's names hold more than others, which the path knows by its group.
 */
function fits(assert: (text: string) => string) {
  return (text: string, context: z.core.$RefinementCtx<string>): void => {
    try {
      assert(text);
    } catch (error) {
      // The schema says itself which field it is.
      context.addIssue({ code: 'custom', message: ensureFailure(error).message.replace(/^[a-z_]+: /, '') });
    }
  };
}

/** Arguments that several tools share, so that they are called and limited alike everywhere. */
export const kind = z
  .string()
  .min(1)
  .max(120)
  .describe('Kind as kubectl knows it: Deployment, deploy, pods, or with its group: ingresses.networking.k8s.io.');
export const name = z
  .string()
  .min(1)
  .max(253)
  .superRefine(fits((text) => assertName(text, { rbac: true })))
  .describe('Name of the object.');
/** Of an object that another one refers to. */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .superRefine(fits((text) => assertName(text)));
export const namespace = z
  .string()
  .min(1)
  .max(63)
  .superRefine(fits((text) => assertNamespace(text)));
export const cluster = z
  .string()
  .min(1)
  .max(63)
  .superRefine(fits((text) => assertNamespace(text, 'cluster')))
  .optional()
  .describe('Cluster; leave out for the default one.');
export const release = z
  .string()
  .min(1)
  .max(53)
  .superRefine(fits((text) => assertName(text)))
  .describe('Name of the release.');
export const inNamespace = namespace.describe('Namespace of the object.');
export const container = z
  .string()
  .min(1)
  .max(63)
  .superRefine(fits((text) => assertNamespace(text, 'container')));
export const labelled = z
  .string()
  .max(500)
  .superRefine(fits(labelSelector))
  .describe('Such as app=web,tier!=db or env in (a,b).');
export const where = z.string().max(500).superRefine(fits(fieldSelector)).describe('Such as status.phase!=Running.');
export const fieldPath = z.string().min(1).max(200).superRefine(fits(assertFieldPath));
export const uid = z
  .string()
  .min(1)
  .max(64)
  .refine((text) => /^\w[\w-]*$/.test(text), 'It is not a uid (letters, digits and "-").');
export const schemaPath = z
  .string()
  .min(1)
  .max(300)
  .refine(
    (text) => /^\.?[\w$-]+(\[[*\d]*\])?(\.[\w$-]+(\[[*\d]*\])?)*$/.test(text),
    'It is no path like spec.strategy.',
  );
