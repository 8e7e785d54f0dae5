import { nearestName } from './nearestName';

const NAMES = ['name', 'city', 'productName', 'productFee', 'balanceFen'];

test.each([
  ['prodctName', 'productName'],
  ['nmae', 'name'],
  ['Name', 'name'],
  ['balance', 'balanceFen'],
  ['productfee', 'productFee'],
  ['colour', null],
  ['', null],
])('whoever writes %s meant %s', (given, meant) => {
  expect(nearestName(given, NAMES)).toBe(meant);
});
