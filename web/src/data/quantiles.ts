// The two distributions that the QQ view needs: the order statistics of uniform p-values, and the median χ².

// ln Γ(x), Lanczos with g = 7, n = 9; relative error below 1e-13 for x > 0. Source: Lanczos 1964; coefficients by Godfrey 2001.
export function lnGamma(x: number): number {
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const z = x - 1;
  let sum = c[0];
  for (let i = 1; i < 9; ++i) sum += c[i] / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

// Continued fraction of the incomplete beta function, modified Lentz. Source: DLMF 8.17.22.
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let h = d;
  for (let m = 1; m <= 2000; ++m) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d || tiny);
      c = 1 + term / c || tiny;
      h *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return h;
}

export function betaCdf(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

// By bisection of ln x: small quantiles keep their digits.
export function betaQuantile(a: number, b: number, p: number): number {
  let lo = -745, hi = 0;
  for (let i = 0; i < 60; ++i) {
    const middle = (lo + hi) / 2;
    if (betaCdf(a, b, Math.exp(middle)) < p) lo = middle;
    else hi = middle;
  }
  return Math.exp((lo + hi) / 2);
}

// ln of the upper tail of χ² with one degree of freedom: erfc(√(x/2)) by its continued fraction, by series below 1.
export function lnChi2Tail(x: number): number {
  const z = Math.sqrt(x / 2);
  if (z < 1.5) {
    let term = z, sum = z;
    for (let n = 1; n < 60; ++n) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return Math.log1p((-2 / Math.sqrt(Math.PI)) * sum);
  }
  let f = 0;
  for (let n = 120; n > 0; --n) f = n / 2 / (z + f);
  return -z * z - Math.log(Math.sqrt(Math.PI) * (z + f));
}

// χ²(1) of a p given as −log10.
export function chi2Of(neglog10: number): number {
  if (!(neglog10 > 0)) return neglog10 === 0 ? 0 : NaN;
  const target = -neglog10 * Math.LN10;
  let lo = 0, hi = 2 * neglog10 * Math.LN10 + 2;
  for (let i = 0; i < 200; ++i) {
    const middle = (lo + hi) / 2;
    if (lnChi2Tail(middle) > target) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}

// λ of Devlin & Roeder 1999: the median χ² over its expectation. `sorted`: −log10 p, largest first.
export function inflation(sorted: ArrayLike<number>): number {
  if (sorted.length === 0) return NaN;
  const middle = sorted[sorted.length - 1 - Math.floor(sorted.length / 2)];
  return chi2Of(middle) / 0.454936423119572;
}
