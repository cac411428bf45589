/** Reinforcement learning by groups of answers to the same question (GRPO, arXiv:2402.03300). */
package konsil.train.grpo;
