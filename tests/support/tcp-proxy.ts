import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Stands between a client and a server, and can do to what passes what networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Holds back the server's answers from now on; resolves when it has answered something. */
  hold(): Promise<void>;
  /** Every connection is broken off. */
  cut(): void;
  /** Lets pass the answers that were held back, and all that follow. */
  pass(): void;
  close(): Promise<void>;
}

/** Passes what comes to a free port of the loopback on to another. */
export async function startProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>();
  let isHeld = false;
  let onHeld: (() => void) | undefined;
  const proxy = createServer((client) => {
    const server = connect(target, '127.0.0.1');
    const pair = [client, server] as const;
    pairs.add(pair);
    client.pipe(server);
    server.on('data', (bytes) => {
      client.write(bytes);
      // Written into a corked socket: it leaves when it is uncorked.
      if (isHeld) onHeld?.();
    });
    if (isHeld) client.cork();
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const each of pair) each.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const pair of [...pairs]) for (const socket of pair) socket.destroy();
  };
  return {
    port: (proxy.address() as AddressInfo).port,
    hold: () =>
      new Promise((resolve) => {
        isHeld = true;
        onHeld = resolve;
        for (const [client] of pairs) client.cork();
      }),
    cut,
    pass: () => {
      isHeld = false;
      for (const [client] of pairs) client.uncork();
    },
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => {
          resolve();
        });
        cut();
      }),
  };
}
