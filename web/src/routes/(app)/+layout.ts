import { error, redirect } from '@sveltejs/kit';
import { api } from '#lib/api/api.ts';
import { ApiError } from '#lib/api/problem.ts';
import type { LayoutLoad } from './$types';

// Everything behind the door is one person's live view: there is nothing to render before the browser has the session.
export const ssr = false;

export const load: LayoutLoad = async ({ url }) => {
  try {
    return { person: await api.me() };
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    if (thrown.status !== 401) error(503, thrown.message);
    const next = url.pathname === '/' ? '' : `?next=${encodeURIComponent(url.pathname)}`;
    redirect(307, `/login${next}`);
  }
};
