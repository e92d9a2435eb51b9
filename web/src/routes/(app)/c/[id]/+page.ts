import { error } from '@sveltejs/kit';
import { api } from '#lib/api/api.ts';
import { ApiError } from '#lib/api/problem.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params }) => {
  try {
    return { view: await api.conversation(params.id) };
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    error(thrown.status === 404 || thrown.status === 422 || thrown.status === 400 ? 404 : 503, thrown.message);
  }
};
