/** The saver writes qualified names, so it has to be told where it lives: the planner's own schema. */
export const checkpointSchema = 'planner';
