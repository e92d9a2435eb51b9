import { jest } from '@jest/globals';

/** Real servers are waited for: a machine under load, a killed process that is restarted, a lease that has to run out. */
jest.setTimeout(120_000);
