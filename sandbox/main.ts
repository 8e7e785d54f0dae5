// The sandbox as a process: everything it needs comes from the environment, everything it remembers goes to SANDBOX_STATE.

import { z } from 'zod';
import type { SandboxOptions } from './options';
import { createSandbox } from './sandbox';

const environment = z
  .object({
    SANDBOX_PORT: z.coerce.number().int().min(0).max(65535).default(8090),
    SANDBOX_HOST: z.string().default('127.0.0.1'),
    SANDBOX_SEED: z.coerce.number().int().min(0).default(1),
    SANDBOX_STATE: z.string().optional(),
    SOPFLOW_URL: z.url(),
    SOPFLOW_KEY: z.string().min(1),
    WECOM_CORP_ID: z.string().min(1),
    WECOM_CORP_SECRET: z.string().min(1),
    WECOM_AGENT_ID: z.coerce.number().int(),
    WECOM_TOKEN: z.string().min(1).max(32),
    WECOM_ENCODING_AES_KEY: z.string().length(43),
    SMS_KEY: z.string().min(1),
    CRM_KEY: z.string().min(1),
    IOP_KEY: z.string().min(1),
    SMS_WEBHOOK_SECRET: z.string().min(1),
    CRM_WEBHOOK_SECRET: z.string().min(1),
    IOP_WEBHOOK_SECRET: z.string().min(1),
  })
  .transform((env) => ({
    port: env.SANDBOX_PORT,
    host: env.SANDBOX_HOST,
    options: {
      seed: env.SANDBOX_SEED,
      ...(env.SANDBOX_STATE ? { statePath: env.SANDBOX_STATE } : {}),
      sopflow: { url: env.SOPFLOW_URL.replace(/\/$/, ''), key: env.SOPFLOW_KEY },
      wecom: {
        corpId: env.WECOM_CORP_ID,
        corpSecret: env.WECOM_CORP_SECRET,
        agentId: env.WECOM_AGENT_ID,
        token: env.WECOM_TOKEN,
        encodingAesKey: env.WECOM_ENCODING_AES_KEY,
      },
      keys: { sms: env.SMS_KEY, crm: env.CRM_KEY, iop: env.IOP_KEY },
      webhookSecrets: {
        sms: env.SMS_WEBHOOK_SECRET,
        crm: env.CRM_WEBHOOK_SECRET,
        iop: env.IOP_WEBHOOK_SECRET,
      },
    } satisfies SandboxOptions,
  }));

async function main(): Promise<void> {
  const { port, host, options } = environment.parse(process.env);
  const sandbox = createSandbox(options);
  const url = await sandbox.listen(port, host);
  process.stdout.write(`sandbox ${url}\n`);
  const stop = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n`);
  process.exit(1);
});
