import { z } from 'zod';
import type { ApiClient } from '../api-client.ts';
import type { Container } from './container.ts';

const Pod = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    volumes: z
      .array(z.looseObject({ name: z.string(), configMap: z.looseObject({ name: z.string() }).optional() }))
      .default([]),
    containers: z.array(
      z.looseObject({
        name: z.string(),
        env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
        envFrom: z.array(z.looseObject({ configMapRef: z.looseObject({ name: z.string() }).optional() })).default([]),
        volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
      }),
    ),
  }),
  status: z.looseObject({ phase: z.string().optional() }).optional(),
});
const ConfigMap = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });

export type Wanted = { readonly namespace: string; readonly pod: string; readonly container: string };

/** The container as its pod describes it: plain variables, ConfigMaps as variables and as files. Undefined where none runs. */
export async function readContainer(api: ApiClient, wanted: Wanted): Promise<Container | undefined> {
  const core = `/api/v1/namespaces/${encodeURIComponent(wanted.namespace)}`;
  const { status, body } = await api.request(`${core}/pods/${encodeURIComponent(wanted.pod)}`);
  if (status !== 200) return undefined;
  const pod = Pod.parse(body);
  const container = pod.spec.containers.find(({ name }) => name === wanted.container);
  if (!container || pod.status?.phase !== 'Running') return undefined;
  const dataOf = async (name: string) => {
    const found = await api.request(`${core}/configmaps/${encodeURIComponent(name)}`);
    return found.status === 200 ? ConfigMap.parse(found.body).data : {};
  };
  const env: Record<string, string> = { PATH: '/usr/bin:/bin', HOSTNAME: pod.metadata.name };
  for (const { configMapRef } of container.envFrom)
    if (configMapRef) Object.assign(env, await dataOf(configMapRef.name));
  for (const { name, value } of container.env) env[name] = value ?? '';
  const files: Record<string, string> = {
    '/etc/hostname': `${pod.metadata.name}\n`,
    '/etc/os-release': 'NAME="Sandbox"\nID=sandbox\n',
  };
  for (const { name, mountPath } of container.volumeMounts) {
    const volume = pod.spec.volumes.find((one) => one.name === name);
    const data = volume?.configMap ? await dataOf(volume.configMap.name) : {};
    for (const [file, text] of Object.entries(data)) files[`${mountPath.replace(/\/$/, '')}/${file}`] = text;
  }
  return { hostname: pod.metadata.name, env, files };
}
