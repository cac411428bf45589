/** {@code konsil tune}: training on the command line. */
package konsil.cli.tune;
