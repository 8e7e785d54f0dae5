// The part of the WeCom server API that sopflow uses, typed: one function a call, named as WeCom names it.

import * as answers from './answers';
import { createWecomApi, nothing, type WecomApi } from './api';
import type { WecomOptions } from './call';
import { customerCalls } from './customerCalls';
import { massSendCalls } from './massSendCalls';
import { assertText, MAX_TEXT_BYTES } from './text';

/** The welcome code lives 20 s: better a second try than a long wait. */
const WELCOME_TIMEOUT_MS = 3000;

export type WecomClient = ReturnType<typeof createWecomClient>;

export function createWecomClient(options: WecomOptions) {
  const api = createWecomApi(options);
  return { ...customerCalls(api), ...massSendCalls(api), ...appCalls(api, options) };
}

/** What the app itself does, whoever it is about. */
function appCalls(api: WecomApi, options: WecomOptions) {
  return {
    /** Members who may serve customers: the cheapest proof that secret, address and rights are in order. */
    async getFollowUserList(): Promise<readonly string[]> {
      return (
        await api.call(
          { method: 'GET', path: api.contactPath('get_follow_user_list') },
          answers.followUsers,
        )
      ).follow_user;
    },

    async sendWelcome(welcomeCode: string, text: string): Promise<void> {
      assertText('text.content', text, MAX_TEXT_BYTES);
      const body = { welcome_code: welcomeCode, text: { content: text } };
      const timeoutMs = Math.min(options.timeoutMs ?? WELCOME_TIMEOUT_MS, WELCOME_TIMEOUT_MS);

      await api.call(
        { method: 'POST', path: api.contactPath('send_welcome_msg'), body, timeoutMs },
        nothing,
      );
    },
  };
}
