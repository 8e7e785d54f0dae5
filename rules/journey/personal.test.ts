import { variablesIn } from '../catalogue/template';
import { wordsFor } from '../words/words';
import { personalFeature, refusesPersonal } from './personal';

describe('personal features', () => {
  it.each([
    ['{{productName}}（{{productFee}}元），{{city}}热线', []],
    ["{{or name '您'}}好", ['name']],
    ['{{#if dataUsedPct}}已用{{dataUsedPct}}%{{else}}快用完了{{/if}}', ['dataUsedPct']],
    [
      '应缴{{yuan billDueFen}}元，{{or planName (yuan planFee)}}',
      ['billDueFen', 'planName', 'planFee'],
    ],
    ['{{#with this}}{{../name}}{{/with}}', ['name']],
    ['{{#each products}}{{this}}{{@index}}{{/each}}', ['products']],
  ])('%s reads %j', (text, personal) => {
    const impersonal = ['productName', 'productFee', 'city'];
    expect(variablesIn(text).filter((name) => !impersonal.includes(name))).toEqual(personal);
  });

  it('are what is not known to be impersonal, in the text or in how the audience was picked', () => {
    expect(
      personalFeature({ audienceBy: undefined, variables: ['productName', 'city'] }),
    ).toBeNull();
    expect(
      personalFeature({ audienceBy: undefined, variables: ['productName', 'balanceFen'] }),
    ).toBe('balanceFen');
    expect(personalFeature({ audienceBy: undefined, variables: ['favouriteColour'] })).toBe(
      'favouriteColour',
    );
    expect(personalFeature({ audienceBy: 'dataUsedPct', variables: [] })).toBe('dataUsedPct');
  });

  it('matter to marketing alone, and only when the customer said no', () => {
    expect(refusesPersonal({ personalisation: false }, 'marketing')).toBe(true);
    expect(refusesPersonal({ personalisation: false }, 'service')).toBe(false);
    expect(refusesPersonal({ personalisation: false }, 'transactional')).toBe(false);
    expect(refusesPersonal({ personalisation: true }, 'marketing')).toBe(false);
    expect(refusesPersonal({}, 'marketing')).toBe(false);
  });
});

it('names the feature in the words of a refusal', () => {
  const refused = {
    verdict: 'suppressed',
    reason: 'personalisation',
    rule: 'dataUsedPct',
    explain: [],
  } as const;
  expect(wordsFor(refused, 'zh-CN')).toBe('不触达：客户已关闭个性化推荐：流量用量');
  expect(wordsFor(refused, 'en')).toBe(
    'suppressed: the customer has turned personalisation off: data used',
  );
  expect(wordsFor({ ...refused, rule: 'favouriteColour' }, 'en')).toContain('"favouriteColour"');
});
