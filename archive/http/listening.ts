import type { FastifyInstance } from "fastify";

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Where the port is taken, any other one is. */
  readonly orAnyPort: boolean;
}

/** @throws Node's own error when it cannot listen */
export async function listen(server: FastifyInstance, { host, port, orAnyPort }: Listening): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!isTaken || !orAnyPort) throw error;
    await server.listen({ host, port: 0 });
  }
}
