import { sayingOf, sayingsOfScene } from './saying';

it('fills a text for the contact, and names what it lacks', () => {
  expect(sayingOf('{{name}}您好', { name: '王' })).toEqual({ text: '王您好' });
  expect(sayingOf('{{name}}您好', {})).toEqual({ lacks: 'name' });
  expect(sayingOf('{{#each}}', {})).toEqual({ lacks: 'text' });
});

it('gives the easiest scripts of a scene first', () => {
  const script = (id: string, customerLikes: boolean, staffLikes: boolean) => ({
    ...{ id, customerLikes, staffLikes, text: id },
  });
  const scripts = [
    script('neither', false, false),
    script('staff', false, true),
    script('both', true, true),
    script('customer', true, false),
  ];
  expect(sayingsOfScene({ scripts }, {}).map(({ id }) => id)).toEqual([
    ...['both', 'customer', 'staff', 'neither'],
  ]);
});
