/** Commands of LaTeX that are one character, by what that is in MathML. */

const greek =
  'alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω';
const letters =
  'infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ emptyset ∅ varnothing ∅ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ top ⊤ bot ⊥ angle ∠ degree ° prime ′ imath ı jmath ȷ';
const signs =
  'cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ odot ⊙ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ land ∧ wedge ∧ lor ∨ vee ∨ neg ¬ lnot ¬ forall ∀ exists ∃ nexists ∄ to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ implies ⟹ Leftarrow ⇐ Leftrightarrow ⇔ iff ⟺ mapsto ↦ uparrow ↑ downarrow ↓ mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ models ⊨ therefore ∴ because ∵ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ backslash \\ colon : triangle △ square □ checkmark ✓ ll ≪ prec ≺ succ ≻ lbrace { rbrace } lbrack [ rbrack ]';
const large = 'sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀';
const integrals = 'int ∫ iint ∬ iiint ∭ oint ∮';
const marks = 'hat ^ widehat ^ bar ¯ overline ¯ vec → overrightarrow → tilde ~ widetilde ~ dot ˙ ddot ¨ overbrace ⏞ check ˇ';
const blackboard = 'R ℝ N ℕ Z ℤ Q ℚ C ℂ P ℙ H ℍ E 𝔼 F 𝔽 K 𝕂 1 𝟙';

export const identifiers = table(`${greek} ${letters}`);
export const operators = table(signs);
/** Their limits stand below and above them. */
export const largeOperators = table(large);
export const integralSigns = table(integrals);
export const accents = table(marks);
export const blackboardLetters = table(blackboard);

export const functions = new Set(
  'sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp det dim ker deg gcd hom arg Pr'.split(' '),
);
/** Functions whose index stands below them. */
export const limitFunctions = new Set('lim max min sup inf limsup liminf argmax argmin'.split(' '));

/** Widths of spaces, in em. */
export const spaces: ReadonlyMap<string, string> = new Map(
  Object.entries({ ',': '0.17em', ':': '0.22em', '>': '0.22em', ';': '0.28em', ' ': '0.25em', quad: '1em', qquad: '2em', '!': '0em' }),
);

/** Commands about size and place that the browser decides about itself. */
export const ignored = new Set(
  'displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm middle nonumber notag hline'.split(
    ' ',
  ),
);

function table(pairs: string): ReadonlyMap<string, string> {
  const words = pairs.split(' ');
  return new Map(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ''] as const] : [])));
}
