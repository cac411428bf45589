/** What all networks have in common: how their configurations are checked. */
package konsil.model;
