import { Failure, services } from '@skyflo/contracts';
import type { ServiceName } from '@skyflo/contracts';
import { provision } from './provision.ts';

/**
 * Provisions from the same variables that the services connect with: `PROVISION_ADMIN_URL`, a role that may create databases
 * and roles, and every service's `<SERVICE>_DATABASE_URL`, whose user is the service's name.
 */
const env = process.env;

function urlOf(name: string): URL {
  const url = URL.parse(env[name] ?? '');
  if (url) return url;
  throw Failure.terminal('ProvisionRefused', `${name} must be a URL: postgres://user:password@host:port/database`);
}

function accountOf(service: ServiceName): { database: string; password: string } {
  const name = `${service.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`;
  const url = urlOf(name);
  if (decodeURIComponent(url.username) !== service)
    throw Failure.terminal('ProvisionRefused', `${name} must have ${service} as its user`);
  return { database: decodeURIComponent(url.pathname.slice(1)), password: decodeURIComponent(url.password) };
}

try {
  const accounts = services.map((service) => [service, accountOf(service)] as const);
  const [database, ...others] = new Set(accounts.map(([, account]) => account.database));
  if (!database || others.length > 0)
    throw Failure.terminal('ProvisionRefused', 'All services must have the same database in their URLs');
  const passwords = Object.fromEntries(accounts.map(([service, { password }]) => [service, password]));
  await provision({
    adminUrl: urlOf('PROVISION_ADMIN_URL').href,
    database,
    passwords: passwords as Record<ServiceName, string>,
  });
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 78;
}
