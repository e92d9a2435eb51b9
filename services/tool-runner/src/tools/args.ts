import { z } from 'zod';

/** Arguments that several tools share, so that they are called and limited alike everywhere. */
export const kind = z
  .string()
  .min(1)
  .max(120)
  .describe('Kind as kubectl knows it: Deployment, deploy, pods, or with its group: ingresses.networking.k8s.io.');
export const name = z.string().min(1).max(253).describe('Name of the object.');
export const namespace = z.string().min(1).max(63);
export const cluster = z.string().min(1).max(63).optional().describe('Cluster; leave out for the default one.');
export const inNamespace = namespace.describe('Namespace of the object.');
