import { readXml } from './xml';

describe('XML of call-backs', () => {
  it('keeps every value to the letter', () => {
    const xml =
      '<xml>\n<UserID>00123</UserID><State> 007 </State><Raw><![CDATA[<a>&amp;]]></Raw><Name>a&amp;b</Name><No></No></xml>';
    expect(readXml(xml)).toEqual({
      UserID: '00123',
      State: ' 007 ',
      Raw: '<a>&amp;',
      Name: 'a&b',
      No: '',
    });
  });

  it('leaves lists out', () => {
    expect(readXml('<xml><A>1</A><List><Item>x</Item><Item>y</Item></List></xml>')).toEqual({
      A: '1',
    });
  });

  it.each(['<xml><__proto__><a>1</a></__proto__></xml>', '<!doctype a><xml><A>1</A></xml>'])(
    'refuses %s',
    (xml) => {
      expect(() => readXml(xml)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    },
  );
});
