import { Problem } from '@skyflo/contracts';

/** An answer that is not the wanted one, with the problem document that came with it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.status = problem.status;
    this.problem = problem;
  }

  /** What is wrong with one field, if that is what the problem is about. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field.replace(/^\//, '') === name)?.message;
  }
}

/** Never throws: proxies and crashed servers answer with other things than problem documents. */
export async function toApiError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = Problem.safeParse(body);
  return new ApiError(problem.success ? problem.data : unexplained(response.status));
}

/** The request left and nothing came back: the network is down or the console is. */
export function unreachable(): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: 'No connection',
    status: 0,
    detail: 'Skyflo does not answer. Check the connection and try again.',
    code: 'Unreachable',
  });
}

/** The sentence to show for whatever was thrown. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof ApiError ? thrown.message : 'Something unexpected happened here. Reload the page.';
}

function unexplained(status: number): Problem {
  return {
    type: 'about:blank',
    title: 'Unexpected answer',
    status,
    detail:
      status >= 500 ? 'Skyflo cannot answer right now. Try again in a moment.' : `The request was refused (${status}).`,
    code: 'UnexpectedAnswer',
  };
}
