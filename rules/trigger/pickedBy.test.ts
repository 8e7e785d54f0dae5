import { pickedBy } from './pickedBy';

test.each([
  [undefined, undefined],
  [{}, undefined],
  [{ city: 'yunfu', 'channels.wecom.reachable': true }, undefined],
  [{ 'run.replied': false, timezone: 'Asia/Shanghai' }, undefined],
  [{ city: 'yunfu', 'facts.dataUsedPct': { $gte: 80 } }, 'dataUsedPct'],
  [{ $or: [{ city: 'yunfu' }, { $nor: [{ 'plan.fee': { $lt: 58 } }] }] }, 'plan'],
  [{ favouriteColour: { $exists: false } }, 'favouriteColour'],
])('a condition %j picks by %s', (condition, feature) => {
  expect(pickedBy(condition)).toBe(feature);
});
