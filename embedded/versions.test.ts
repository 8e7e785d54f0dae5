import { atLeast, versionAfter } from './versions';

describe('versions', () => {
  it.each([
    ['go version go1.26.8 linux/amd64', 'go version go', '1.26.8'],
    ['temporal version 1.9.0 (Server 1.32.0, UI 2.54.1)', 'temporal version', '1.9.0'],
    ['db version v7.0.5', 'db version', '7.0.5'],
    ['javac 17.0.15', 'javac', '17.0.15'],
  ])('are read from "%s"', (text, before, version) => {
    expect(versionAfter(text, before)).toBe(version);
  });

  it('are undefined where the text names none', () => {
    expect(versionAfter('go version devel', 'go version go')).toBeUndefined();
    expect(versionAfter('something else', 'javac')).toBeUndefined();
  });

  it('compare part by part, not as text', () => {
    expect(atLeast('1.10', '1.9')).toBe(true);
    expect(atLeast('1.9.0', '1.9')).toBe(true);
    expect(atLeast('2', '1.32')).toBe(true);
    expect(atLeast('1.26.7', '1.26.8')).toBe(false);
    expect(atLeast('1.5.1', '1.9')).toBe(false);
  });
});
