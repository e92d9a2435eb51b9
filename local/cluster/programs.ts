import { join } from 'node:path';
import type { BinaryName } from '../servers/binaries.ts';
import type { ClusterFolder } from './cluster-folder.ts';

/** What may run beside or in a cluster. */
export type ProgramName = Exclude<BinaryName, 'nats-server' | 'helm'>;
/** What a cluster cannot be without. */
export type CoreProgram = Exclude<ProgramName, 'rollouts-controller'>;

/** `etcdPeers` is never used by anybody: etcd insists on listening for peers. `kubelet` is what nodes are dialled at. */
export type ClusterPorts = {
  readonly etcd: number;
  readonly etcdPeers: number;
  readonly apiserver: number;
  readonly kwok: number;
  readonly kubelet: number;
};

export type Program = {
  readonly name: ProgramName;
  readonly args: readonly string[];
  /** Undefined: it listens on nothing. */
  readonly port: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
};

type Layout = { readonly folder: ClusterFolder; readonly ports: ClusterPorts };

const loopback = '127.0.0.1';
const config = join(import.meta.dirname, 'config');

/** Every program's command line. Everything listens on the loopback interface only. */
export const programs: Record<CoreProgram, (layout: Layout) => Program> = {
  etcd: ({ folder, ports }) => {
    const clients = `http://${loopback}:${ports.etcd}`;
    const peers = `http://${loopback}:${ports.etcdPeers}`;
    return {
      name: 'etcd',
      port: ports.etcd,
      args: [
        `--data-dir=${folder.etcd}`,
        `--listen-client-urls=${clients}`,
        `--advertise-client-urls=${clients}`,
        `--listen-peer-urls=${peers}`,
        `--initial-advertise-peer-urls=${peers}`,
        `--initial-cluster=default=${peers}`,
        // Survives the end of a process, not of the machine: right for a sandbox, and ten times faster.
        '--unsafe-no-fsync',
        '--snapshot-count=2000',
        '--quota-backend-bytes=268435456',
        '--log-level=warn',
      ],
    };
  },
  'kube-apiserver': ({ folder, ports }) => ({
    name: 'kube-apiserver',
    port: ports.apiserver,
    env: { GOGC: '50' },
    args: [
      `--etcd-servers=http://${loopback}:${ports.etcd}`,
      `--secure-port=${ports.apiserver}`,
      `--bind-address=${loopback}`,
      // Both for machines without a network: otherwise it looks for the address of a default route.
      `--advertise-address=${loopback}`,
      '--endpoint-reconciler-type=none',
      `--cert-dir=${folder.certificates}`,
      `--service-account-key-file=${folder.serviceAccountKey}`,
      `--service-account-signing-key-file=${folder.serviceAccountKey}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--authorization-mode=RBAC',
      `--token-auth-file=${folder.tokenTable}`,
      '--allow-privileged=true',
      '--kubelet-preferred-address-types=InternalIP',
      // What the kubelet knows it by; made by itself before it first dials one.
      `--kubelet-client-certificate=${folder.certificate}`,
      `--kubelet-client-key=${folder.certificateKey}`,
      `--audit-policy-file=${join(config, 'audit-policy.yaml')}`,
      `--audit-log-path=${folder.auditLog}`,
      // A line is in the file before the client has its answer.
      '--audit-log-mode=blocking',
      '--audit-log-maxsize=64',
      '--audit-log-maxbackup=2',
      '--event-ttl=3h',
      '--profiling=false',
    ],
  }),
  'kube-controller-manager': ({ folder }) => ({
    name: 'kube-controller-manager',
    port: undefined,
    args: [
      ...kubeconfigs(folder.kubeconfigOf('controllers')),
      `--service-account-private-key-file=${folder.serviceAccountKey}`,
      `--root-ca-file=${folder.authority}`,
      '--use-service-account-credentials=true',
      // It asks for a token per controller at its start, at 20 requests a second by default.
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
    ],
  }),
  'kube-scheduler': ({ folder }) => ({
    name: 'kube-scheduler',
    port: undefined,
    args: kubeconfigs(folder.kubeconfigOf('scheduler')),
  }),
  kwok: ({ folder, ports }) => ({
    name: 'kwok',
    port: ports.kwok,
    args: [
      `--kubeconfig=${folder.kubeconfigOf('kwok')}`,
      `--config=${folder.kwokConfig}`,
      // Never Exec or Attach: kwok runs such commands on this machine. Our own kubelet stands before it.
      '--enable-crds=Logs',
      '--manage-all-nodes=true',
      '--node-lease-duration-seconds=40',
      '--cidr=10.244.0.0/16',
      `--node-ip=${loopback}`,
      `--node-port=${ports.kubelet}`,
      `--server-address=${loopback}:${ports.kwok}`,
      `--tls-cert-file=${folder.certificate}`,
      `--tls-private-key-file=${folder.certificateKey}`,
    ],
  }),
};

function kubeconfigs(file: string): string[] {
  const flags = ['--kubeconfig', '--authentication-kubeconfig', '--authorization-kubeconfig'];
  return [...flags.map((flag) => `${flag}=${file}`), '--leader-elect=false', '--secure-port=0'];
}
