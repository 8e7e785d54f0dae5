// Ends the servers after the last test of the `servers` group.

export default async function tearDown(): Promise<void> {
  await globalThis.sopflowTestServers?.stop();
}
