/** What a status dot can say. `done` needs nobody; `off` is not running. */
export type DotState =
  'healthy' | 'changing' | 'working' | 'waiting' | 'warning' | 'broken' | 'uncertain' | 'off' | 'done';
