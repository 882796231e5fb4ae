import { settleRate } from './settle-rate.ts';

console.log(await settleRate());
