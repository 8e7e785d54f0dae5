// Texts from their publication over HTTP to the customer: nothing unfit to read, nothing unsigned, nothing in other words.

import { touch } from '../../activities/touch/touch';
import { createFakeApi } from '../fakes/api';
import { scriptedChannel } from '../fakes/channel';
import { aScenario } from '../fakes/touchScenario';

const FRAME = { signature: '【广东移动】', refusalNote: '拒收请回复R' };

/** A deployment whose texts are published, and whose customers are imported, over HTTP. */
async function aDeployment(customer: object = {}) {
  const api = await createFakeApi({ smsFrame: FRAME });
  const scenario = await aScenario({ stores: api.stores });
  const product = { id: 'd-5', name: '5GB流量包', kind: 'data-pack', fee: 10, onShelf: true };
  await publish('catalogues', 'default', { products: [product], migrations: [] });
  const row = { contactId: 'c-9', city: 'guangzhou', phone: '13912345678', ...customer };
  await api.call('put', '/api/v1/contacts:batch', [row]);
  await api.stores.contacts.patch('c-9', { channels: { sms: { reachable: true } } });

  async function publish(noun: string, id: string, body: object) {
    const draft = await api.call('post', `/api/v1/${noun}`, { id, body });
    if (draft.status >= 300) return draft;
    return api.call('post', `/api/v1/${noun}/${id}/versions/${draft.body.version}:publish`, {});
  }

  return {
    publish: (text: string) =>
      publish('templates', 'p', { channel: 'sms', class: 'marketing', text }),
    /** What the customer gets, or why nothing. */
    async offer(): Promise<string> {
      const sms = { ...scriptedChannel('sms'), ...FRAME };
      const asked = { contactId: 'c-9', product: 'd-5', template: 'p@1' };
      const verdict = await touch(scenario.ask([sms], asked));
      const [sent] = sms.book;
      if (sent) return sent.text;
      return 'reason' in verdict ? `${verdict.reason}:${verdict.rule}` : verdict.verdict;
    },
  };
}

describe('an amount that is not known', () => {
  test.each([
    '{{#if name}}{{name}}，您的余额为{{yuan balanceFen}}元，推荐{{productName}}。{{/if}}',
    '{{#unless planName}}余额{{yuan balanceFen}}元{{/unless}}',
    '{{#if planName}}您好{{else}}余额{{yuan balanceFen}}元{{/if}}',
    "余额{{or (yuan balanceFen) '若干'}}元",
    '{{#with name}}余额{{yuan ../balanceFen}}元{{/with}}',
  ])('holds the text back: %s', async (text) => {
    const { publish, offer } = await aDeployment({ name: '客户' });
    expect((await publish(text)).status).toBe(200);
    expect(await offer()).toMatch(/^template:(\.\.\/)?balanceFen$/);
  });

  test('is no NaN when it is known, either', async () => {
    const { publish, offer } = await aDeployment({ facts: { balanceFen: 1250 } });
    await publish('余额{{yuan balanceFen}}元');
    expect(await offer()).toBe('【广东移动】余额12.50元 拒收请回复R');
  });
});

describe('a text without content', () => {
  test.each(['', ' ', '【广东移动】', '拒收请回复R', '：，'])(
    'is not sent, whatever stands round it (%j)',
    async (round) => {
      const { publish, offer } = await aDeployment();
      await publish(`${round}{{#if planName}}您的{{planName}}即将到期。{{/if}}`);
      expect(await offer()).toBe('template:text');
    },
  );

  test.each(['  ', '\u3000', '\u00a0\u200b'])(
    'a name of blanks (%j) leaves no gap',
    async (name) => {
      const { publish, offer } = await aDeployment({ name });
      await publish('【广东移动】尊敬的{{name}}：推荐{{productName}}。');
      expect(await offer()).toBe('template:name');
    },
  );
});

test('a short message is signed once, wherever its author signed it', async () => {
  for (const text of [
    '推荐{{productName}}',
    '【广东移动】推荐{{productName}}',
    '推荐{{productName}}【广东移动】',
  ]) {
    const { publish, offer } = await aDeployment();
    await publish(text);
    expect(await offer()).toBe('【广东移动】推荐5GB流量包 拒收请回复R');
  }
});

test('signs, emoji and rare characters arrive as they are', async () => {
  const { publish, offer } = await aDeployment({ name: '𠮷野&<b>👍🏽' });
  await publish('{{name}}，流量 & 语音 <5折> 🎂');
  expect(await offer()).toBe('【广东移动】𠮷野&<b>👍🏽，流量 & 语音 <5折> 🎂 拒收请回复R');
});

test('a misspelt variable never gets as far as a customer', async () => {
  const { publish } = await aDeployment();
  const answer = await publish(
    '【广东移动】尊敬的{{#if nmae}}{{nmae}}{{/if}}：推荐{{prodctName}}。',
  );
  expect(answer.status).toBe(422);
  expect(answer.body.detail).toMatch(
    /"nmae"; did you mean "name".*"prodctName"; did you mean "productName"/,
  );
});
