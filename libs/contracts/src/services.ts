/** The five services; also the `source` of every event, the NATS user and the Postgres schema and role of each. */
export const services = ['gateway', 'planner', 'gate', 'tool-runner', 'persistence'] as const;
export type ServiceName = (typeof services)[number];
