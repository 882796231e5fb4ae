import { describe, expect, it } from 'vitest';
import { enlargingHref, jobHref, routeOf } from '../src/route.ts';

const ID = 'ab'.repeat(32);

describe('routeOf', () => {
  it.each([
    ['', { page: 'create' }],
    ['#/', { page: 'create' }],
    ['#/jobs', { page: 'jobs' }],
    ['#/nodes/', { page: 'nodes' }],
    [jobHref(ID), { page: 'job', id: ID, next: null }],
    [jobHref(ID.toUpperCase()), { page: 'job', id: ID, next: null }],
    [enlargingHref(ID), { page: 'job', id: ID, next: 'enlarge' }],
    [`${jobHref(ID)}/else`, { page: 'unknown' }],
    ['#/jobs/../../v1/status', { page: 'unknown' }],
    ['#/jobs/abc', { page: 'unknown' }],
  ])('%s', (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
  });
});
