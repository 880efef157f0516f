import { TestSite } from "#evidence-service/testing/test-site.ts";
import { BUILT, SERVICE_OPTIONS } from "../built-programs.ts";
import { startProcess } from "../pipeline/measured-process.ts";

export interface StartedService {
  readonly site: TestSite;
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The service as it ships, in a process of its own.
 * @param nodeOptions beside those with which it ships
 */
export async function startService(
  dir: string,
  nodeOptions: readonly string[] = [],
): Promise<StartedService> {
  const service = await startProcess("evidence service", BUILT.evidenceService, ["--dir", dir], {
    ...SERVICE_OPTIONS,
    nodeOptions: [...SERVICE_OPTIONS.nodeOptions, ...nodeOptions],
  });
  const url = service.ready["listening"] ?? "";
  return {
    url,
    site: TestSite.attach(dir, url, service.ready["connectionFile"] ?? ""),
    stop: () => service.stop(),
  };
}
