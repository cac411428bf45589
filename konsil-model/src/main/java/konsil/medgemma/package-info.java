/** MedGemma and its relatives of the Gemma 3 family: networks, configuration, inputs. */
package konsil.medgemma;
