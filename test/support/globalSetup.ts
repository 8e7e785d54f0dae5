// Starts the servers before the first test of the `servers` group and tells the tests where they are.

import { startServers, type TestServers } from './servers';

declare global {
  /** Handed from the setup to the teardown, which jest runs in the same process. */
  var sopflowTestServers: TestServers | undefined;
}

export default async function setUp(): Promise<void> {
  const servers = await startServers();
  globalThis.sopflowTestServers = servers;
  process.env.SOPFLOW_TEST_MONGODB_URI = servers.mongoUri;
  process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS = servers.temporalAddress;
}
