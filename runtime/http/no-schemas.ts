/**
 * For Fastify's `schemaController`: both services check what they take by zod, and no route has a schema of the
 * framework's. Its compilers are not loaded then, which takes longer than all else that a service does before it listens.
 */
export const NO_SCHEMAS = { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } };

function noCompiler(): () => never {
  return () => {
    throw new Error("A route has a schema of the framework; the services' routes are checked by zod.");
  };
}
