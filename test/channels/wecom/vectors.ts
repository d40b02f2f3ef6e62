// Published and computed crypto vectors of WeCom's callbacks: what the adapter must reproduce bit by bit.

const official = {
  token: "QDG6eK",
  aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
  receiveid: "wx5823bf96d3bd56c7",
};

export interface OpenVector {
  name: string;
  token: string;
  aesKey: string;
  receiveid: string;
  timestamp: string;
  nonce: string;
  encrypted: string;
  signature: string;
  /** the whole message, or how it begins and ends when only that is published */
  message: string | RegExp;
  /** first 16 bytes, when published */
  random?: string;
}

export const openVectors: OpenVector[] = [
  {
    name: "V1 URL check, official",
    ...official,
    timestamp: "1409659589",
    nonce: "263014780",
    encrypted: "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    signature: "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    message: "1616140317555161061",
    random: "c41b64491c2468d0",
  },
  {
    name: "V2 push, official (padding of 30)",
    ...official,
    timestamp: "1409659813",
    nonce: "1372623149",
    encrypted:
      "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
    signature: "477715d11cdb4164915debcba66cb864d751f3e6",
    message:
      "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n<FromUserName><![CDATA[mycreate]]></FromUserName>\n<CreateTime>1409659813</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n<MsgId>4561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>",
    random: "0960688932c47ef1",
  },
  {
    name: "V3 URL check of another corp",
    token: "kjr2TKI8umCBfVF3wAHk8JiPwma5VBme",
    aesKey: "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws",
    receiveid: "ww6a112864f8022910",
    timestamp: "1583940690",
    nonce: "VHh7ymSeb0jc4lSb",
    encrypted: "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==",
    signature: "1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011",
    message: "94966531020182955848408",
    random: "5QMsYcwjR95t2vmC",
  },
  {
    name: "V4 push whose random bytes are no text",
    token: "kz7Yx62CH8SaLN",
    aesKey: "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP",
    receiveid: "ww6a112864f8022910",
    timestamp: "1583995625",
    nonce: "1584392382",
    encrypted:
      "EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xkcXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6DfG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBmaQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328=",
    signature: "f265ae551b1932727204c3d707628d01376a6940",
    message:
      /^<xml>(?=[\s\S]*<FromUserName><!\[CDATA\[foobar)(?=[\s\S]*CDATA\[x123)(?=[\s\S]*2018405441)[\s\S]*<\/xml>$/,
  },
  {
    name: "V5.1 the official key with another token",
    ...official,
    token: "1372623149",
    timestamp: "1629824456",
    nonce: "bqe3yfbqfc7",
    encrypted: "22vyvcBQ1xafTSJuhMGQuFyOAh00m2enIATgo4R6SGHY/YhofNmfwCksP3OP0Gxnq+cqnJcuvUQtjSbEu60IUA==",
    signature: "6a27598fb5b01ee02684379a339fef6de65c83c2",
    message: "ECHO",
  },
  {
    name: "V5.2 the official key with another token",
    ...official,
    token: "1372623149",
    timestamp: "1629822102",
    nonce: "oduw1lq7iwp",
    encrypted: "teMozE0aNgDd2iKay6VOldGRKQXJbHsFqFc10Y4dYBE/Mu+34X0Vd+KP6GoxWXGqYOC9bg4eSNw7d3d6awhm+A==",
    signature: "e225d26d3bb4d06b4656f6b674e2143d4d35e81e",
    message: "ECHO",
  },
  {
    name: "V5.3 the official key with another token",
    ...official,
    token: "1372623149",
    timestamp: "1629824247",
    nonce: "s8a61euba6m",
    encrypted: "fSW+704DFd+eE1SrOhMQ1kiV+t/5V7+cs8QIt6qD9xR44PgSlym1NtMvQYw5S+RKhQxdy3RNheLNHJuU+HGjHQ==",
    signature: "c2273fb8ef29b1427a88b76b56036b76128c46d0",
    message: "ECHO",
  },
];

/** Made with the official key, corpid and token, the random prefix fixed. */
export const sealVectors = {
  ...official,
  random: "0123456789abcdef",
  timestamp: "1409659813",
  nonce: "1372623149",
  rows: [
    {
      name: "V7 reply (padding 31)",
      message:
        "<xml><ToUserName><![CDATA[mycreate]]></ToUserName><FromUserName><![CDATA[wx5823bf96d3bd56c7]]></FromUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[this is a test]]></Content><MsgId>1234567890123456</MsgId><AgentID>128</AgentID></xml>",
      encrypted:
        "sKqRbbiSUnDhFHOvPjtUMdc23JsNXVqHAPPZdO0pIWIMYDThPIeGEfKX2v40MaN9wqY6jfiEfXjU91lWT29R5DJekiGh+kvvWbgJb/xv+e4E7ohGxVjHMNbvtW/W79/IDuKgVJBfBuHgGc9otUO0w1l7Hsae/Ln6/jSCx2GMGlPTrk/Pd9Du8oTb3PrIs9a90wxwbaI9txmYwPqRSx+UWHWpEqcaMDQrfWyNOrIC1LMxfJN98WVM1lo7rHKcEzvuCkg0KtnJTML2WgkG7/evV+9gUXmIvHuAUwYvYhHEQjwQc8mFWnT1QCHyMMAaTYTs9YkB/njRL+wc5wMGWfU13eiwnl5qqIiQ7mvzi8TevQtz+Svc7SLFfrDfOWKuQmQOeAl9qFb+6QvXPBwEA1jAHo2cjnyeAPiQSi0YuLrvv4GqcDtRnbUKYlOP6sETKok0mOls1Z87pkjkonVbXJWABw==",
      signature: "d9cdf134dbf5386e31896eb2a79c68dbe53e8cc2",
    },
    {
      name: "V8 short word (19)",
      message: "success",
      encrypted: "sKqRbbiSUnDhFHOvPjtUMbWS28WQJEcq+Mzda1Jz7/48f8S/Ty+bA9T4kUGo9xXppbi6Xb5CJDNdGLzlBP6xcQ==",
      signature: "c6700a4d26ea694b666a1d78933ea5cca2bdb6ba",
    },
    {
      name: "V9 length counts bytes, not characters (4)",
      message: "你好，第7天回访",
      encrypted: "sKqRbbiSUnDhFHOvPjtUMbsYdfaCbXPu7NWiaQ+1fg13wzi6Dz4aYIgEyPRx44tnskOawfTTtd7gwLpgAOhUsg==",
      signature: "e581d4ecf86556bd08ac0a9ad25333da4c9dca99",
    },
    {
      name: "V10 a whole block of padding (32)",
      message: "xxxxxxxxxxxxxxxxxxxxxxxxxx",
      encrypted:
        "sKqRbbiSUnDhFHOvPjtUMSs1k8K1CdhVATTBQNj5RGfr2SSogQPwiaREvDG6j+anDDTQGRPc5XVafaRf07vjdJWo03DV9aa/cArn/HDtV476heTTKpJSMh7JMO1cnA3V",
      signature: "704c72221c37caa50e80abdf53d4b21e0f6294e2",
    },
  ],
};

/** V6: the official sample of a JS-SDK signature. */
export const pageVector = {
  ticket: "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
  noncestr: "Wm3WZYTPz0wzccnW",
  timestamp: 1414587457,
  url: "http://mp.weixin.qq.com?params=value",
  signature: "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
};
