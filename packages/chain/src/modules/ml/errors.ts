import type { ErrorKind } from '../../errors.ts';

const ml = (number: number, text: string): ErrorKind => ({ codespace: 'ml', number, text });

/** Why the ml module refuses something. A number that was used once never means anything else. */
export const mlErrors = {
  invalidField: ml(2, 'invalid field'),
  modelExists: ml(3, 'model exists'),
  unknownModel: ml(4, 'unknown model'),
  nodeExists: ml(5, 'node exists'),
  unknownNode: ml(6, 'unknown node'),
  jobExists: ml(7, 'job exists'),
  unknownJob: ml(8, 'unknown job'),
  notMember: ml(9, 'not a member of the committee'),
  wrongPhase: ml(10, 'wrong phase'),
  feeTooLow: ml(11, 'job fee too low'),
  stakeTooLow: ml(12, 'stake too low'),
  notOperator: ml(13, 'not the operator'),
  wrongStatus: ml(14, 'wrong node status'),
  alreadyDone: ml(15, 'already done'),
  modeNotOffered: ml(16, 'mode not offered'),
} as const;
