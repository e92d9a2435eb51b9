import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Kit } from './kit.ts';

const patienceMs = 1_000;

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: it takes work in and its store and bus are there, else 503
 * with what is missing. `GET /metrics`: figures for Prometheus. Plain routes, so that a service's own prefix, pipes and guards do not change them.
 */
export class Health {
  readonly #kit: Kit;
  /** False while booting and from the moment it stops. */
  #taking = false;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  mount(app: NestExpressApplication): void {
    const http = app.getHttpAdapter();
    http.get('/health/live', (_request, response) => {
      http.reply(response, { status: 'ok' }, 200);
    });
    http.get('/metrics', async (_request, response) => {
      const { metrics } = this.#kit.telemetry;
      http.setHeader(response, 'content-type', metrics.contentType);
      http.reply(response, await metrics.text(), 200);
    });
    http.get('/health/ready', async (_request, response) => {
      const checks = await this.check();
      const ready = Object.values(checks).every(Boolean);
      http.reply(response, { status: ready ? 'ok' : 'unavailable', checks }, ready ? 200 : 503);
    });
  }

  takesWork(taking: boolean): void {
    this.#taking = taking;
  }

  async check(): Promise<{ intake: boolean; store: boolean; bus: boolean }> {
    return { intake: this.#taking, store: await this.#storeAnswers(), bus: this.#kit.bus.connected };
  }

  async #storeAnswers(): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), patienceMs);
    const answers = this.#kit.store.query('select 1').then(
      () => true,
      () => false,
    );
    return await Promise.race([answers, late]).finally(() => clearTimeout(timer));
  }
}
