import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));
