import type { Application } from '@semblance/chain/application';

/** The application with some of its methods put in the place of its own. */
export function wrapped(app: Application, methods: Partial<Application>): Application {
  return new Proxy(app, {
    get(target, name) {
      const instead = Reflect.get(methods, name);
      if (instead !== undefined) return instead;
      const own: unknown = Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}
