import { serviceConfig } from '@skyflo/service-kit';

/** Persistence has no variables of its own beside those every service has. */
export const loadConfig = (env: NodeJS.ProcessEnv = process.env) => serviceConfig('persistence', {}, env);
