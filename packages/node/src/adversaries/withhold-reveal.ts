import { type Conduct, honest } from './conduct.ts';

/** Does the work, commits, and keeps the result to itself. */
export const withholdReveal: Conduct = { ...honest, name: 'withhold-reveal', reveals: false };
