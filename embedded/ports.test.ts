import { type AddressInfo, createServer } from 'node:net';
import { createPortPicker, nobodyListens } from './ports';

describe('ports', () => {
  it('takes the preferred port, and the next free one when somebody listens there', async () => {
    const busy = new Set([7233, 7234]);
    const ports = createPortPicker(async (port) => !busy.has(port));
    expect(await ports.pick(8080)).toBe(8080);
    expect(await ports.pick(7233)).toBe(7235);
  });

  it('never gives one port twice, also to those who ask at the same moment', async () => {
    const ports = createPortPicker(async () => true);
    const picked = await Promise.all([ports.pick(8080), ports.pick(8080), ports.pick(8081)]);
    expect(new Set(picked).size).toBe(3);
  });

  it('names the range when all of it is taken', async () => {
    const ports = createPortPicker(async () => false);
    await expect(ports.pick(9000)).rejects.toThrow('no free TCP port from 9000');
  });

  it('sees a real listener', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await nobodyListens(port)).toBe(false);
    expect(await createPortPicker().pick(port)).not.toBe(port);
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks the system for any port', async () => {
    expect(await createPortPicker().pick(0)).toBeGreaterThan(1024);
  });
});
