import { z } from 'zod';
import * as arg from '../args.ts';

/** Only Deployments can be paused. */
export const pauseArgs = z.strictObject({ name: arg.name, namespace: arg.inNamespace, cluster: arg.cluster });
export const paused = ['spec', 'paused'];
