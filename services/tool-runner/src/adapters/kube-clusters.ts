import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type ClusterState, Failure } from '@skyflo/contracts';
import { CONFIG } from '@skyflo/service-kit';
import type { ToolRunnerConfig } from '../config.ts';
import { type ClusterClients, Clusters } from '../domain/ports.ts';
import { KubeCluster } from './kube-cluster.ts';

@Injectable()
export class KubeClusters extends Clusters implements OnApplicationShutdown {
  private readonly clusters: readonly KubeCluster[];

  constructor(@Inject(CONFIG) config: ToolRunnerConfig) {
    super();
    const sources = { program: config.helm, repositories: config.chartRepositories };
    this.clusters = config.clusters.map((cluster) => new KubeCluster(cluster, sources));
  }

  async open(name: string): Promise<ClusterClients> {
    const found = this.clusters.find((cluster) => cluster.name === name);
    if (found) return await found.open();
    const known = this.clusters.map((cluster) => cluster.name).join(', ');
    throw Failure.terminal(
      'ClusterMissing',
      known === '' ? 'No cluster is configured.' : `There is no cluster "${name}"; there is ${known}.`,
    );
  }

  async states(): Promise<ClusterState[]> {
    return await Promise.all(this.clusters.map((cluster) => cluster.state()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.clusters.map((cluster) => cluster.close()));
  }
}
