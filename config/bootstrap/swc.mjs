// How TypeScript becomes JavaScript, for the build and for jest alike: types are dropped, decorators are legacy.

/** Options of @swc/core for one language level, such as "es2023". */
export function swcOptions(target) {
  return {
    swcrc: false,
    configFile: false,
    sourceMaps: true,
    jsc: {
      target,
      parser: { syntax: "typescript", decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
      keepClassNames: true,
    },
    module: { type: "es6" },
  };
}
