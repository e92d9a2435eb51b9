import { z } from 'zod';

export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

export const textOf = (text: string) => ({ content: [{ type: 'text' as const, text }] });
export const nothing = z.object({});
