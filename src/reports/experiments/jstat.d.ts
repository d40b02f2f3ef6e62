// What we use of jstat, which brings no types of its own.
declare module "jstat" {
  const jstat: {
    jStat: {
      normal: {
        cdf(x: number, mean: number, sd: number): number;
        inv(p: number, mean: number, sd: number): number;
      };
      chisquare: { cdf(x: number, dof: number): number };
    };
  };
  export = jstat;
}
